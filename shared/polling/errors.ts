import { AnnalsError } from '../errors.ts';

/** Something a vendor, or the way to it, did. The message is for people: what is wrong and what to do. */
export abstract class VendorError extends AnnalsError {}

/** The vendor does not accept the connection's secrets, also after they were read again. */
export class CredentialError extends VendorError {
  readonly code = 'credential_refused';
}

/** The vendor knows the caller and does not let it read this log. */
export class PermissionError extends VendorError {
  readonly code = 'permission_missing';
}

/** The vendor asks to be left alone for a while. */
export class ThrottledError extends VendorError {
  readonly code = 'throttled';
  /** How long, in milliseconds, if the vendor said. */
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.waitMs = waitMs;
  }
}

/** The vendor failed in a way that may pass: 5xx, a broken connection, a time-out, a reply that is not what it should be. */
export class VendorUnavailableError extends VendorError {
  readonly code = 'vendor_unavailable';
}

/** There is no way to the vendor's host: no such name, nothing listens, its certificate is not trusted. */
export class UnreachableError extends VendorError {
  readonly code = 'unreachable';
}

/** The vendor answered with a 4xx that repeating will not change. */
export class VendorRefusedError extends VendorError {
  readonly code = 'vendor_refused';
  readonly status: number;
  /** The beginning of the vendor's answer. */
  readonly body: string;

  constructor(message: string, status: number, body: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.body = body;
  }
}

/** The audit log does not exist at the vendor, or is not switched on. */
export class LogUnavailableError extends VendorError {
  readonly code = 'log_unavailable';
}

/** The vendor does not know the cursor any more: its window has to be read from the beginning. */
export class CursorExpiredError extends VendorError {
  readonly code = 'cursor_expired';
}

/** The vendor gave a cursor that it gave before: following it would never end. */
export class CursorRepeatedError extends VendorError {
  readonly code = 'cursor_repeated';
}

/** A link, redirect or blob address leads away from the hosts that the source declares. */
export class ForeignHostError extends VendorError {
  readonly code = 'foreign_host';
}

/** The host's address is private, or that of a metadata service, and the connection does not allow it. */
export class AddressRefusedError extends VendorError {
  readonly code = 'address_refused';
}

/** The vendor's answer is larger than is read. */
export class ReplyTooLargeError extends VendorError {
  readonly code = 'reply_too_large';
}

/** Another run holds the job, or it was deleted: this run must stop without saving anything. */
export class LeaseLostError extends AnnalsError {
  readonly code = 'lease_lost';
}
