import { Aws } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { COLUMNS, LANDING_PARTITION, LANDING_PREFIX, SEALED_PARTITION } from '../shared/archive/columns.ts';
import { SEALED_PREFIX } from '../shared/archive/digest.ts';
import { FIRST_EVENT_DATE } from '../shared/archive/event-date.ts';
import { namedQueryText, savedQueries, savedViews } from '../shared/archive/saved-sql.ts';
import { eventsViewSql, VIEW_COLUMNS } from '../shared/archive/view.ts';
import { athenaView, glueColumns } from './athena-view.ts';

export interface CatalogProps {
  readonly stage: string;
  readonly landing: Bucket;
  readonly archive: Bucket;
  /** Gigabytes that one query may scan. */
  readonly scanLimitGb: number;
}

/** What Athena knows: the tables, the views people query, saved queries, and the workgroup with its limits. */
export class Catalog extends Construct {
  readonly database: CfnDatabase;
  readonly landingTable: CfnTable;
  readonly workgroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, { stage, landing, archive, scanLimitGb }: CatalogProps) {
    super(scope, id);
    // Named here and not by CloudFormation, as the views' texts name it.
    const schema = `annals_${stage.replaceAll('-', '_')}`;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: schema, description: `Audit events of Annals, stage ${stage}` },
    });
    this.landingTable = this.parquetTable('LandingTable', {
      name: 'landing',
      description: 'Events as Firehose delivers them, at least once. Query the view events instead',
      location: `s3://${landing.bucketName}/${LANDING_PREFIX}`,
      partition: { name: LANDING_PARTITION, comment: 'day, UTC, of receipt by Firehose' },
      projection: { range: '2024-01-01,NOW+1DAYS' },
    });
    const archiveTable = this.parquetTable('ArchiveTable', {
      name: 'archive',
      description: 'Sealed events, each once. Days that are not sealed yet are in the view events only',
      location: `s3://${archive.bucketName}/${SEALED_PREFIX}`,
      partition: { name: SEALED_PARTITION, comment: "day, UTC, of the event's time" },
      // An event's time may be a day ahead.
      projection: { range: `${FIRST_EVENT_DATE},NOW+1DAYS` },
    });
    const events = athenaView(this, 'EventsView', {
      database: this.database,
      schema,
      name: 'events',
      description: 'Every event once',
      columns: VIEW_COLUMNS,
      sql: eventsViewSql({ landing: `"${schema}"."landing"`, archive: `"${schema}"."archive"` }),
    });
    for (const table of [this.landingTable, archiveTable]) events.addResourceDependency(table);
    for (const { name, title, columns, sql } of savedViews()) {
      const view = athenaView(this, `${pascalCase(name)}View`, {
        database: this.database,
        schema,
        name,
        description: title,
        columns,
        sql,
      });
      view.addResourceDependency(events);
    }

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
    for (const query of savedQueries()) {
      new CfnNamedQuery(this, `${pascalCase(query.name)}Query`, {
        name: query.name,
        description: query.title,
        database: this.database.ref,
        workGroup: this.workgroup.ref,
        queryString: namedQueryText(query),
      });
    }
  }

  /** A table of Parquet files with the events' columns. Its partitions are projected, so that none has to be added. */
  private parquetTable(id: string, table: ParquetTable): CfnTable {
    const { name, description, location, partition, projection } = table;
    return new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name,
        description,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          'projection.enabled': 'true',
          [`projection.${partition.name}.type`]: 'date',
          [`projection.${partition.name}.format`]: 'yyyy-MM-dd',
          [`projection.${partition.name}.range`]: projection.range,
          [`projection.${partition.name}.interval`]: '1',
          [`projection.${partition.name}.interval.unit`]: 'DAYS',
          'storage.location.template': `${location}${partition.name}=\${${partition.name}}/`,
        },
        partitionKeys: [{ name: partition.name, type: 'string', comment: partition.comment }],
        storageDescriptor: {
          columns: glueColumns(COLUMNS),
          location,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
  }
}

interface ParquetTable {
  readonly name: string;
  readonly description: string;
  readonly location: string;
  readonly partition: { readonly name: string; readonly comment: string };
  /** Of the partition, a day: its range as Athena's projection writes it. */
  readonly projection: { readonly range: string };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|[-_])(.)/g, (_, first: string) => first.toUpperCase());
}
