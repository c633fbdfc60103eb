export { duckDbType, globLiteral, openDuckDb, sqlName, sqlText } from '../../shared/archive/duckdb.ts';
