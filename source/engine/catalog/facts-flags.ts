/** What the byte of flags says that an entry of a catalog page has. */
export const contentNone = 0;
export const contentOne = 1;
export const contentMany = 2;
export const contentMask = 3;
export const linkTargetFlag = 4;
export const linkGroupFlag = 8;
export const deviceFlag = 16;
export const attributesFlag = 32;

/** In the length of an extent: it is a hole. */
export const holeFlag = 0x80_00_00_00;
