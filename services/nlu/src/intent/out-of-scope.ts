/** The class of what no intent of a bot covers. */

export const OUT_OF_SCOPE = 'out_of_scope';

/** Its label: the first in every model. */
export const OUT_OF_SCOPE_LABEL = 0;
