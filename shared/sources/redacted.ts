/** What stands in the place of a secret that a vendor put into an event. */
export const REDACTED = '[redacted by Annals]';
