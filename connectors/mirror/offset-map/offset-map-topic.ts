/**
 * Holds the exact offset maps of the flows from this cluster; lies on the target. The name's ending keeps every mirror, MirrorMaker 2 included,
 * from copying it.
 */
export const offsetMapTopic = (sourceAlias: string): string => `isthmus-offset-map.${sourceAlias}.internal`
