import type {CollectionName, Collections} from './schema.ts';

/**
The one door to Holdfast's state. Every change goes through `update`: it holds the lock of the state across processes, reads what is on disk, applies
`change`, checks the schema, and resolves when the new file is durable. Nothing is published before it is saved.
*/
export type Store = {
	/** Absolute path of the state directory. */
	readonly directory: string;
	readonly isReadOnly: boolean;
	/**
	The collection as it is on disk now (parsed again only when its file changed). Collections that are kept per account or month take a key.
	@throws UserError `damaged` naming the file and the remedy.
	*/
	read<Name extends CollectionName>(name: Name, key?: string): Promise<Readonly<Collections[Name]>>;
	/** @throws UserError `refused` when read-only, `busy` when another process keeps the lock, `damaged`. What `change` returns or throws is passed on; a throw saves nothing. */
	update<Name extends CollectionName, Result>(name: Name, key: string | undefined, change: (draft: Collections[Name]) => Result): Promise<Result>;
	/** Takes away a file of a keyed collection, with its copies; throws as `update` does. */
	remove(name: CollectionName, key: string): Promise<void>;
	/** Changes whenever the file of a collection does; `undefined`: there is none. */
	signature(name: CollectionName, key?: string): string | undefined;
	/** The keys for which a keyed collection has a file. */
	keys(name: CollectionName): Promise<readonly string[]>;
};
