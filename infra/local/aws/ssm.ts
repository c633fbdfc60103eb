import { readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../../shared/errors.ts';
import { AwsError, type AwsService, parseInput, readJsonCall } from './endpoint.ts';

const parameter = z.strictObject({
  Type: z.enum(['String', 'SecureString']),
  Value: z.string(),
  Tier: z.enum(['Standard', 'Advanced']).default('Standard'),
  Version: z.number(),
  LastModifiedDate: z.number(),
});
const stored = z.record(z.string(), parameter);
type Parameters = ReadonlyMap<string, z.output<typeof parameter>>;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const MAX_VALUE_BYTES = { Standard: 4096, Advanced: 8192 } as const;
const name = z.string().regex(/^[\w./-]{1,1011}$/);
const putInput = z.looseObject({
  Name: name,
  Value: z.string().min(1),
  Type: z.enum(['String', 'SecureString']).optional(),
  Overwrite: z.boolean().default(false),
  Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).default('Standard'),
});
const getInput = z.looseObject({ Name: name, WithDecryption: z.boolean().default(false) });
const deleteInput = z.looseObject({ Name: name });

/**
 * Parameters of SSM: PutParameter, GetParameter and DeleteParameter with String and SecureString values of up to 4 KB, or 8
 * in the advanced tier.
 *
 * They are kept in a JSON file that only its owner can read, written whole beside the old one and renamed over it;
 * without a `file`, in memory. The file protects a secret locally, so a SecureString read without decryption is
 * answered as a placeholder and never as the secret.
 *
 * @throws ConfigurationError when the file has another content.
 */
export function createSsm(options: { file?: string; region: string; accountId: string }): AwsService {
  const { file, region, accountId } = options;
  let parameters = load(file);
  let saving: Promise<void> = Promise.resolve();
  const arnOf = (text: string) => `arn:aws:ssm:${region}:${accountId}:parameter/${text.replace(/^\//, '')}`;

  // A change is seen when it is on disk, and changes are made one after the other.
  function change(edit: (current: Map<string, z.output<typeof parameter>>) => void): Promise<void> {
    const done = saving.then(async () => {
      const next = new Map(parameters);
      edit(next);
      if (file !== undefined) await save(file, next);
      parameters = next;
    });
    saving = done.catch(() => undefined);
    return done;
  }

  async function put(input: z.output<typeof putInput>): Promise<object> {
    const { Name, Value, Type, Overwrite } = input;
    let Version = 1;
    let tier: z.output<typeof parameter>['Tier'] = 'Standard';
    await change((current) => {
      const old = current.get(Name);
      if (old !== undefined && !Overwrite)
        throw new AwsError('ParameterAlreadyExists', `The parameter ${Name} exists; set Overwrite to replace it.`);
      const type = Type ?? old?.Type;
      if (type === undefined) throw new AwsError('ValidationException', 'A parameter type is required.');
      tier = tierOf(input, old?.Tier);
      Version = (old?.Version ?? 0) + 1;
      current.set(Name, { Type: type, Value, Tier: tier, Version, LastModifiedDate: Math.floor(Date.now() / 1000) });
    });
    return { Tier: tier, Version };
  }

  function get({ Name, WithDecryption }: z.output<typeof getInput>): object {
    const found = parameters.get(Name);
    if (found === undefined) throw notFound(Name);
    const Value = found.Type === 'SecureString' && !WithDecryption ? 'encrypted' : found.Value;
    const { Tier: _tier, ...shown } = found;
    return { Parameter: { ...shown, Name, Value, ARN: arnOf(Name), DataType: 'text' } };
  }

  async function remove({ Name }: z.output<typeof deleteInput>): Promise<object> {
    await change((current) => {
      if (!current.delete(Name)) throw notFound(Name);
    });
    return {};
  }

  return {
    name: 'ssm',
    async handle(request, authorize) {
      const { operation, input } = readJsonCall(request);
      const guard = (Name: string) => authorize({ action: `ssm:${operation}`, resource: arnOf(Name), input });
      const run = async (): Promise<object> => {
        switch (operation) {
          case 'PutParameter': {
            const parsed = parseInput(putInput, input);
            await guard(parsed.Name);
            return put(parsed);
          }
          case 'GetParameter': {
            const parsed = parseInput(getInput, input);
            await guard(parsed.Name);
            return get(parsed);
          }
          case 'DeleteParameter': {
            const parsed = parseInput(deleteInput, input);
            await guard(parsed.Name);
            return remove(parsed);
          }
          default:
            throw new AwsError('UnknownOperationException', `the local SSM has no operation ${operation}`);
        }
      };
      return { status: 200, body: JSON.stringify(await run()) };
    },
  };
}

/** The tier that a value gets. An advanced parameter stays one: to go back to standard it has to be deleted. */
function tierOf(
  { Value, Tier }: z.output<typeof putInput>,
  before: z.output<typeof parameter>['Tier'] = 'Standard',
): z.output<typeof parameter>['Tier'] {
  if (Tier === 'Standard' && before === 'Advanced')
    throw new AwsError('ValidationException', "An advanced parameter can't be made a standard parameter.");
  const bytes = Buffer.byteLength(Value);
  const isLarge = bytes > MAX_VALUE_BYTES.Standard || before === 'Advanced';
  const tier = Tier === 'Intelligent-Tiering' ? (isLarge ? 'Advanced' : 'Standard') : Tier;
  if (bytes > MAX_VALUE_BYTES[tier]) {
    const limit = MAX_VALUE_BYTES[tier];
    throw new AwsError(
      'ValidationException',
      `${tier} tier parameters support a maximum value of ${limit} characters.`,
    );
  }
  return tier;
}

function load(file: string | undefined): Parameters {
  if (file === undefined) return new Map();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    return new Map(Object.entries(stored.parse(JSON.parse(text))));
  } catch (cause) {
    throw new ConfigurationError(`${file} does not hold parameters; repair or remove it`, { cause });
  }
}

async function save(file: string, parameters: Parameters): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  const handle = await open(draft, 'w', 0o600);
  try {
    // An older draft keeps its mode.
    await handle.chmod(0o600);
    await handle.writeFile(JSON.stringify(Object.fromEntries(parameters), null, 2));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

function notFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `The parameter ${name} does not exist.`);
}
