import * as z from 'zod';
import {itemNames} from '../domain/item.ts';
import {fromText} from '../domain/raw-name.ts';
import {readPackageFacts} from '../engine/package/read-package.ts';
import {UserError} from '../errors.ts';

const name = z.string().min(1).max(255).transform(text => fromText(text));
const path = z.string().max(65_536).transform(text => fromText(text));
const id = z.int().min(0).max(4_294_967_295).nullable();
const time = z.iso.datetime({precision: 3});

const home = z.strictObject({
	name: z.literal('homedir'),
	status: z.enum(['complete', 'partial']),
	isWhole: z.boolean(),
	excludes: z.array(z.string()),
	heldElsewhere: z.array(path),
	incompleteFolders: z.array(path),
	unread: z.array(path),
});

const part = z.strictObject({name, kind: z.enum(['mysql', 'postgresql']).nullable(), status: z.enum(['complete', 'partial'])});
const other = z.strictObject({name: z.enum(itemNames).exclude(['homedir']), parts: z.array(part).min(1)});

const facts = z.strictObject({
	format: z.literal('holdfast-package'),
	version: z.literal(1),
	createdAt: time,
	machine: z.string().min(1),
	account: name,
	uid: id,
	gid: id,
	home: path.nullable(),
	backup: z.strictObject({id: z.string(), createdAt: time, structure: z.string()}),
	items: z.array(z.discriminatedUnion('name', [home, other])).min(1),
});

/** What a package says of itself: anybody may have written it. Names are raw. */
export type PackageFacts = z.output<typeof facts>;
export type PackageHome = z.output<typeof home>;
export type PackageItem = z.output<typeof other>;

/**
What a package says of itself. Only its beginning is read.
@throws UserError `damaged` for what is no package, `key` for an encrypted one, `notFound`
*/
export const readFactsOfPackage = (file: string): PackageFacts => {
	const text = readPackageFacts(file);

	try {
		const known = facts.parse(JSON.parse(text));

		if (new Set(known.items.map(item => item.name)).size < known.items.length) {
			throw new Error('it names an item twice');
		}

		return known;
	} catch (error) {
		throw new UserError(`${file} is no package that this version knows: what it says of itself cannot be read.`, {code: 'damaged', hint: 'A newer Holdfast may have made it; import it with that.', cause: error});
	}
};
