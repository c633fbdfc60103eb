/**
 * The tag of landing objects that are sealed, by which the lifecycle rule of landing finds them: such a rule takes a tag
 * with one value, not with any.
 */
export const SEALED_TAG = { sealed: 'true' };

/** The tag of sealed files that a signed digest lists as expired, by which the lifecycle rule of the archive finds them. */
export const EXPIRED_TAG = { expired: 'true' };
/** Names the day whose digest says so, on both kinds of objects. */
export const DIGEST_TAG = 'digest';
