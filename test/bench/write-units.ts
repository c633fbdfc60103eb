import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Call } from '../../infra/local/types.ts';

/** The size by which DynamoDB bills: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function sizeOf(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);
}

/** Write units of one item. */
export function unitsOf(item: Readonly<Record<string, AttributeValue>>): number {
  return Math.max(1, Math.ceil(sizeOf(item) / 1024));
}

interface Written {
  readonly Statements?: readonly { readonly Parameters?: readonly AttributeValue[] }[];
  readonly Item?: Record<string, AttributeValue>;
}

/** Write units of a call to DynamoDB, refused conditions included, as those are billed too. Others are zero. */
export function writeUnits({ action, input }: Call): number {
  const { Statements = [], Item = {} } = (input ?? {}) as Written;
  switch (action) {
    case 'dynamodb:PartiQLInsert':
    case 'dynamodb:BatchExecuteStatement':
      return Statements.reduce(
        (sum, { Parameters = [] }) => sum + unitsOf(Object.fromEntries(Parameters.entries())),
        0,
      );
    case 'dynamodb:PutItem':
      return unitsOf(Item);
    case 'dynamodb:UpdateItem':
    case 'dynamodb:DeleteItem':
      return 1;
    default:
      return 0;
  }
}

function sizeOfValue({ S, N, B, SS, L, M, BOOL, NULL }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  // As JSON carries it, in base64.
  if (B !== undefined) return typeof B === 'string' ? Math.floor((String(B).length * 3) / 4) : B.length;
  if (SS !== undefined) return SS.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  if (L !== undefined) return 3 + L.reduce((sum, one) => sum + 1 + sizeOfValue(one), 0);
  if (M !== undefined) return 3 + sizeOf(M) + Object.keys(M).length;
  return BOOL !== undefined || NULL !== undefined ? 1 : 0;
}
