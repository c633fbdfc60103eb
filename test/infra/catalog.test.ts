import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { namedQueryText, savedQueries, savedViews } from '../../shared/archive/saved-sql.ts';
import { resource, resourcesOf, synthesizeTemplate } from './synthesized.ts';

const template = synthesizeTemplate();
const tables = resourcesOf(template, 'AWS::Glue::Table').map(([, { Properties }]) => Properties.TableInput);

describe('the table archive', () => {
  const { TableInput } = resource(template, 'AWS::Glue::Table', 'CatalogArchiveTable').Properties;

  it('has the sealed files by day of the event, from the first day to the next', () => {
    expect(TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.event_date.type': 'date',
      'projection.event_date.format': 'yyyy-MM-dd',
      'projection.event_date.range': '2015-01-01,NOW+1DAYS',
      'projection.event_date.interval': '1',
      'projection.event_date.interval.unit': 'DAYS',
    });
    const [, [start, { Ref: bucket }, end]] = TableInput.Parameters['storage.location.template']['Fn::Join'];
    expect(bucket).toMatch(/^BucketsArchive/);
    expect([start, end]).toEqual(['s3://', `/archive/event_date=\${event_date}/`]);
    expect(TableInput.PartitionKeys).toMatchObject([{ Name: 'event_date', Type: 'string' }]);
  });

  it('has the columns of landing', () => {
    expect(TableInput.StorageDescriptor.Columns.map(({ Name, Type }: Record<string, string>) => [Name, Type])).toEqual(
      COLUMNS.map(({ name, type }) => [name, type]),
    );
  });
});

describe('the views', () => {
  it('are those of the project, and events', () => {
    const names = tables.filter(({ TableType }) => TableType === 'VIRTUAL_VIEW').map(({ Name }) => Name);
    expect(names.sort()).toEqual(['events', ...savedViews().map(({ name }) => name)].sort());
  });

  it.each(savedViews().map((view) => [view.name, view] as const))(
    '%s is in the form in which Athena stores views',
    (name, view) => {
      const input = tables.find(({ Name }) => Name === name);
      expect(input.Parameters).toEqual({ presto_view: 'true', comment: 'Presto View' });
      expect(input.ViewExpandedText).toBe('/* Presto View */');
      const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(input.ViewOriginalText) ?? [];
      const { columns, ...definition } = JSON.parse(Buffer.from(encoded, 'base64').toString());
      expect(definition).toEqual({ originalSql: view.sql, catalog: 'awsdatacatalog', schema: 'annals_prod' });
      expect(columns.map((column: { name: string }) => column.name)).toEqual(view.columns.map((column) => column.name));
      expect(
        input.StorageDescriptor.Columns.map(({ Name, Type }: Record<string, string>) => `${Name} ${Type}`),
      ).toEqual(view.columns.map((column) => `${column.name} ${column.type}`));
    },
  );

  it('have the types of Trino in their definition', () => {
    const input = tables.find(({ Name }) => Name === 'ocsf_authentication');
    const [, encoded = ''] = /Presto View: (\S+)/.exec(input.ViewOriginalText) ?? [];
    const { columns } = JSON.parse(Buffer.from(encoded, 'base64').toString());
    expect(columns).toContainEqual({
      name: 'user',
      type: 'row(name varchar, uid varchar, email_addr varchar, type_id integer)',
    });
    expect(columns).toContainEqual({ name: 'time', type: 'bigint' });
  });
});

it('the saved queries are in the workgroup, with how to run them', () => {
  const queries = resourcesOf(template, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties);
  expect(queries.map(({ Name }) => Name).sort()).toEqual(savedQueries().map(({ name }) => name));
  for (const query of savedQueries()) {
    const { Database, WorkGroup, QueryString } = queries.find(({ Name }) => Name === query.name);
    expect(Database.Ref).toMatch(/^CatalogDatabase/);
    expect(WorkGroup.Ref).toMatch(/^CatalogWorkgroup/);
    expect(QueryString).toBe(namedQueryText(query));
  }
});
