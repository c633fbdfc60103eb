/** True for what a deployment's own applications send. */
export function isCustom(source: string): boolean {
  return source === 'custom' || source.startsWith('custom.');
}
