/** A character takes at most three bytes of UTF-8 for each unit of a string's length. */
export const MAX_BYTES_PER_UNIT = 3;
