import type {Destination} from '../../domain/destination.ts';
import type {StateCopy} from '../../runner/read-state-copy.ts';
import {parseStateFile} from '../../state/parse-state-file.ts';
import {
	definitions,
	type CollectionName,
	type Collections,
	type Definition,
} from '../../state/schema.ts';
import type {Store} from '../../state/store.ts';

/** Keys are this server's own; what waited or ran on the lost server does not run again. */
const broughtBack: readonly CollectionName[] = ['accounts', 'account-keys', 'settings', 'jobs', 'users', 'tags', 'groups', 'backups', 'finished-tasks'];

/**
Puts the files of a copied state into an empty one. Homes are bound anew: the lost server's inodes say nothing here. Other destinations of the copy come with it, to be scanned by themselves.
@throws UserError, StateDamage
*/
export const bringBackState = async (store: Store, copy: StateCopy): Promise<void> => {
	for (const [path, text] of copy.files) {
		const place = placeOf(path);

		if (place !== undefined) {
			await bringBack(store, place, text);
		}
	}

	await store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => ({...identity, homeInode: null, homeBirthNs: null}));
	});
};

/** The destinations that a copied state knows. */
export const destinationsOf = (copy: StateCopy): readonly Destination[] => {
	const text = copy.files.get('destinations.json');

	return text === undefined ? [] : parseStateFile(text, definitions.destinations).destinations;
};

type Place = {readonly name: CollectionName; readonly key: string | undefined};

const placeOf = (path: string): Place | undefined => {
	const [folder = '', file] = path.replace(/\.json$/v, '').split('/', 2);
	const name = broughtBack.find(each => each === folder);

	return name === undefined ? undefined : {name, key: file};
};

const bringBack = async <Name extends CollectionName>(store: Store, {name, key}: {readonly name: Name; readonly key: string | undefined}, text: string): Promise<void> => {
	// The compiler does not see that a name's definition is of that name's data.
	const data = parseStateFile(text, definitions[name] as unknown as Definition<Collections[Name]>);

	await store.update(name, key, draft => {
		Object.assign(draft, data);
	});
};
