// Reads the areas of a snapshot with their names and outlines, for maps and for the area filter.

export const areaShapesSql = `
  SELECT area_code AS code, area_name AS name, ward_code, ward_name, authority_code, authority_name, geometry
  FROM area ORDER BY area_code`;
