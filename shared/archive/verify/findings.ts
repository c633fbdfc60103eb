import { AnnalsError } from '../../errors.ts';

/** What can be wrong with an archive. */
export type FindingCode =
  | 'second_version'
  | 'delete_marker'
  | 'unnamed_object'
  | 'bad_key_record'
  | 'missing_digest'
  | 'bad_digest'
  | 'other_key'
  | 'key_not_valid'
  | 'bad_signature'
  | 'broken_chain'
  | 'missing_file'
  | 'other_version'
  | 'altered_file'
  | 'other_rows'
  | 'edited_landing'
  | 'changed_history';

/** One thing that is wrong, in plain words. */
export interface Finding {
  readonly code: FindingCode;
  /** The object that it is about. */
  readonly key: string;
  readonly message: string;
}

/** Thrown where nothing more can be said of an object than what is wrong with it. */
export class Found extends AnnalsError {
  readonly code: FindingCode;
  readonly finding: Finding;

  constructor(code: FindingCode, key: string, message: string) {
    super(message);
    this.code = code;
    this.finding = { code, key, message };
  }
}
