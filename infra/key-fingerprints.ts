import { CustomResource, Duration } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow } from './policies.ts';
import type { Settings } from './settings.ts';
import { commonEnvironment } from './shared-grants.ts';

export interface KeyFingerprintsProps<Name extends string> {
  readonly settings: Settings;
  readonly bundles: Bundles;
  /** Key pairs to sign with, by names of the caller's. */
  readonly keys: Readonly<Record<Name, Key>>;
}

/** Fingerprints of public keys that are made at deploy, so that they can be outputs: CloudFormation itself does not tell them. */
export class KeyFingerprints<Name extends string> extends Construct {
  /** By the names of `keys`: SHA-256 of the SubjectPublicKeyInfo in DER, in hexadecimal. */
  readonly of: Readonly<Record<Name, string>>;

  constructor(scope: Construct, id: string, { settings, bundles, keys }: KeyFingerprintsProps<Name>) {
    super(scope, id);
    const named = Object.entries<Key>(keys);
    const { handler } = new AnnalsFunction(this, 'Fingerprint', {
      description: 'At deploy: tells CloudFormation the fingerprints of the keys that are signed with',
      bundle: bundles.fingerprint,
      timeoutSeconds: 60,
      memoryMb: 256,
      environment: commonEnvironment(settings),
      grants: [
        allow(
          'KnowKeys',
          ['kms:GetPublicKey'],
          named.map(([, { keyArn }]) => keyArn),
        ),
      ],
      logRetentionDays: settings.logRetentionDays,
    });
    this.of = Object.fromEntries(
      named.map(([name, { keyArn }]) => {
        const resource = new CustomResource(this, name, {
          resourceType: 'Custom::KeyFingerprint',
          serviceToken: handler.functionArn,
          // By default CloudFormation waits an hour for a function that does not answer.
          serviceTimeout: Duration.minutes(5),
          properties: { Key: keyArn },
        });
        return [name, resource.getAttString('Fingerprint')];
      }),
    ) as Record<Name, string>;
  }
}
