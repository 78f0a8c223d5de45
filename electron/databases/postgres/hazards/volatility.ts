/** Whether an expression may give each row another value. */
import { calledFunctions } from './tree.ts';

/** Functions of PostgreSQL, STABLE or IMMUTABLE by its catalogue, that defaults are made of. Others are taken for volatile, as functions are unless they say otherwise. */
const steady = new Set(
  (
    'now transaction_timestamp statement_timestamp timezone date_trunc date_part extract age to_char to_date to_timestamp ' +
    'to_number make_date make_interval make_timestamp make_timestamptz current_setting current_schema current_database ' +
    'current_user session_user version lower upper initcap concat concat_ws format replace substr substring left right ' +
    'lpad rpad trim btrim ltrim rtrim length md5 sha256 encode decode repeat split_part abs ceil floor round trunc mod power ' +
    'sqrt coalesce greatest least jsonb_build_object json_build_object jsonb_build_array json_build_array to_json to_jsonb ' +
    'array_append array_fill string_to_array cardinality int4range int8range numrange tsrange tstzrange daterange'
  ).split(' '),
);

export const mayBeVolatile = (expression: unknown): boolean =>
  calledFunctions(expression).some((name) => !steady.has(name));
