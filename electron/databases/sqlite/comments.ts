const leading = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/** A statement from its first keyword on. */
export const withoutLeadingComments = (sql: string): string => sql.replace(leading, '');
