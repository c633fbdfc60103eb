import { AnnalsError } from '../../../../shared/errors.ts';

/** A record that can't become rows; `code` as Firehose writes it to the error output. */
export class ConversionError extends AnnalsError {
  readonly code: `DataFormatConversion.${'ParseError' | 'MalformedData'}`;

  constructor(kind: 'ParseError' | 'MalformedData', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = `DataFormatConversion.${kind}`;
  }
}
