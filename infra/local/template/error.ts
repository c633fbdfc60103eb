import { AnnalsError } from '../../../shared/errors.ts';

/** The template asks for something that can't be run on one machine, or is not a template that CDK wrote. */
export class TemplateError extends AnnalsError {
  readonly code = 'template';
}
