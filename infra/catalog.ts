import { Aws } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { COLUMNS, type Column, LANDING_PARTITION, LANDING_PREFIX } from '../shared/archive/columns.ts';
import { eventsViewSql, trinoType, VIEW_COLUMNS } from '../shared/archive/view.ts';

export interface CatalogProps {
  readonly stage: string;
  readonly landing: Bucket;
  /** Gigabytes that one query may scan. */
  readonly scanLimitGb: number;
}

const glueColumns = (columns: readonly Column[]) => columns.map(({ name, type, comment }) => ({ name, type, comment }));

/** What Athena knows: the table that Firehose fills, the view people query, and the workgroup with its limits. */
export class Catalog extends Construct {
  readonly database: CfnDatabase;
  readonly landingTable: CfnTable;
  readonly workgroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, { stage, landing, scanLimitGb }: CatalogProps) {
    super(scope, id);
    // Named here and not by CloudFormation, as the view's text names it.
    const database = `annals_${stage.replaceAll('-', '_')}`;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: database, description: `Audit events of Annals, stage ${stage}` },
    });
    const location = `s3://${landing.bucketName}/${LANDING_PREFIX}`;
    this.landingTable = new CfnTable(this, 'LandingTable', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name: 'landing',
        description: 'Events as Firehose delivers them, at least once. Query the view events instead',
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          'projection.enabled': 'true',
          [`projection.${LANDING_PARTITION}.type`]: 'date',
          [`projection.${LANDING_PARTITION}.format`]: 'yyyy-MM-dd',
          [`projection.${LANDING_PARTITION}.range`]: '2024-01-01,NOW+1DAYS',
          [`projection.${LANDING_PARTITION}.interval`]: '1',
          [`projection.${LANDING_PARTITION}.interval.unit`]: 'DAYS',
          'storage.location.template': `${location}${LANDING_PARTITION}=\${${LANDING_PARTITION}}/`,
        },
        partitionKeys: [{ name: LANDING_PARTITION, type: 'string', comment: 'day, UTC, of receipt by Firehose' }],
        storageDescriptor: {
          columns: glueColumns(COLUMNS),
          location,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
    const view = new CfnTable(this, 'EventsView', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name: 'events',
        description: 'Every event once',
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        storageDescriptor: { columns: glueColumns(VIEW_COLUMNS), serdeInfo: {} },
        viewOriginalText: prestoView(database),
        viewExpandedText: '/* Presto View */',
      },
    });
    view.addResourceDependency(this.landingTable);

    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: `annals-${stage}`,
      description: `Queries over Annals, stage ${stage}, stopped at ${scanLimitGb} GB scanned`,
      // It holds a history of queries, no events.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: scanLimitGb * 1024 ** 3,
        publishCloudWatchMetricsEnabled: true,
        // Results lie for 24 hours, encrypted, where only their asker can read them; no bucket to look after.
        managedQueryResultsConfiguration: { enabled: true },
      },
    });
  }
}

// The form in which Athena itself stores a view; column types are Trino's here and Hive's in the storage descriptor.
function prestoView(database: string): string {
  const definition = {
    originalSql: eventsViewSql(`"${database}"."landing"`),
    catalog: 'awsdatacatalog',
    schema: database,
    columns: VIEW_COLUMNS.map(({ name, type }) => ({ name, type: trinoType(type) })),
  };
  return `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`;
}
