import type {RawPath} from '../domain/raw-name.ts';

/** The name of the folder that a part lies in: its own name, with what a file name cannot be as `%XX`. */
export const partFolder = (part: string): RawPath => part
	.replaceAll(/[\0%\/]/gv, character => escape(character))
	.replace(/^\./v, character => escape(character));

const escape = (character: string): string => `%${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}`;
