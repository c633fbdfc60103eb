/**
 * The tag of landing objects that are sealed, by which the lifecycle rule of landing finds them: such a rule takes a tag
 * with one value, not with any.
 */
export const SEALED_TAG = { sealed: 'true' };
