import { Aws } from 'aws-cdk-lib';
import { type CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { Column } from '../shared/archive/columns.ts';
import { trinoType } from '../shared/archive/hive-type.ts';

export interface AthenaViewProps {
  readonly database: CfnDatabase;
  /** The database's name as views know it. Names in `sql` that are not qualified are found there. */
  readonly schema: string;
  readonly name: string;
  readonly description: string;
  /** What the statement gives, in order, types in Hive's spelling. */
  readonly columns: readonly Column[];
  readonly sql: string;
}

/** Columns as Glue writes them. */
export function glueColumns(columns: readonly Column[]) {
  return columns.map(({ name, type, comment }) => ({ name, type, ...(comment !== '' && { comment }) }));
}

/**
 * A view of Athena's: a table of the catalogue in the form in which Athena itself stores one. Column types are Trino's in
 * the definition and Hive's in the storage descriptor.
 */
export function athenaView(scope: Construct, id: string, props: AthenaViewProps): CfnTable {
  const { database, schema, name, description, columns, sql } = props;
  const definition = {
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema,
    columns: columns.map((column) => ({ name: column.name, type: trinoType(column.type) })),
  };
  return new CfnTable(scope, id, {
    catalogId: Aws.ACCOUNT_ID,
    databaseName: database.ref,
    tableInput: {
      name,
      description,
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      partitionKeys: [],
      storageDescriptor: { columns: glueColumns(columns), serdeInfo: {} },
      viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
      viewExpandedText: '/* Presto View */',
    },
  });
}
