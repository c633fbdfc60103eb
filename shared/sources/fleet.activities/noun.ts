/** What an activity type is about: all but its first word, the verb (`enabled_disk_encryption`: `disk_encryption`). */
export function nounOf(action: string): string {
  return action.slice(action.indexOf('_') + 1) || action;
}
