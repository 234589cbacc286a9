// Places with their hexagon: distinct points are looked up once and joined back.

export const distinctPointsSql = 'SELECT DISTINCT longitude, latitude FROM place WHERE longitude IS NOT NULL AND latitude IS NOT NULL';

export const pointCellSql = 'CREATE OR REPLACE TABLE point_cell (longitude DOUBLE, latitude DOUBLE, cell VARCHAR)';

export const locatedPlaceSql = 'CREATE OR REPLACE TABLE located_place AS SELECT p.*, c.cell FROM place p LEFT JOIN point_cell c USING (longitude, latitude)';
