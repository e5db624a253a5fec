/** The small modules that a loader generates: bytes out, the same bytes for the same needs. */

import * as abi from "./abi.mjs";
import { body, callIndirect, encode, globalGet, localGet } from "./encode.mjs";
import { funcType, globalType, same } from "./module.mjs";

/** @import { TableType } from "./module.mjs" */
/** @import { PlannedType } from "./plan.mjs" */

/** The module that a stub module imports its table indexes from: globals, so that its bytes depend on none of them. */
export const TABLE_INDEX = "table index";

/**
 * One exported function for each type, named by its number, that calls what stands in its table entry: the table is
 * imported as the plan's modules import it, the index as a constant i32 global `TABLE_INDEX.NUMBER`.
 * @param {PlannedType[]} planned
 */
export function stubModule(planned) {
  const types = planned.map(({ params, results }) => funcType(params, results));
  const distinct = types.filter((type, place) => types.findIndex((each) => same(each, type)) === place);
  /** @type {TableType} */
  const table = { kind: "table", element: "funcref", limits: { minimum: 0, maximum: null }, is64: false };
  return encode({
    types: distinct,
    imports: [
      { module: abi.ENV, name: abi.INDIRECT_FUNCTION_TABLE, type: table },
      ...types.map((_, index) => ({ module: TABLE_INDEX, name: String(index), type: globalType("i32") })),
    ],
    functions: types.map((type, index) => ({
      type,
      body: body([
        ...type.params.flatMap((_, parameter) => localGet(parameter)),
        ...globalGet(index),
        ...callIndirect(distinct.findIndex((each) => same(each, type))),
      ]),
    })),
    exports: types.map((_, index) => ({ name: String(index), kind: "func", index })),
  });
}
