import type {Identity} from '../domain/account.ts';
import type {Finding, ItemName} from '../domain/item.ts';
import type {DatabaseKind} from '../domain/owned-names.ts';
import type {RawPath} from '../domain/raw-name.ts';
import type {Store} from '../state/store.ts';

export type ItemContext = {
	readonly account: Identity;
	readonly store: Store;
	readonly signal: AbortSignal;
};

/** A part on its way: `folder` is ours (0700), holds this part alone, and is gone afterwards. */
export type PartContext = ItemContext & {
	/** Raw. */
	readonly part: string;
	readonly folder: RawPath;
	/** What is live is saved before it is changed: that it is of no use keeps nothing from that. */
	readonly isSaving?: boolean | undefined;
};

export type RestoreContext = PartContext & {
	/** Live wins. */
	readonly isMerge: boolean;
	/** What of the part is live alone goes (terminate, mirror): the messages of a mailbox, say. Never with `isMerge`. */
	readonly isReplacing: boolean;
	/** Holds the part as a restore brought it that is undone: what of that is not in `folder` goes, unless it was changed since. */
	readonly brought?: RawPath | undefined;
};

/** What something takes where it is written. */
export type Room = {
	readonly bytes: number;
	/** Files, folders and links. */
	readonly files: number;
};

/** What putting a part back would do. */
export type PartPlan = {
	readonly action: 'create' | 'overwrite' | 'keep';
	/** Words, as those of a `RestoreStep`. */
	readonly reason: string;
	/** What the part is made of. */
	readonly sizeBytes: number;
	/** What putting it back takes beside what is live, where that is not all of it. */
	readonly room?: Room | undefined;
};

/**
One kind of thing that an account has beside its home. What goes wrong with a part is thrown and makes that part `failed`; nothing live may be half-changed then.
*/
export type Item = {
	readonly name: Exclude<ItemName, 'homedir'>;
	/** Its parts are files of the account, and not what was written down about it. */
	readonly isOfFiles: boolean;
	/** Raw names of the parts that there are now; none: absent. */
	discover(context: ItemContext): Promise<readonly string[]>;
	/** Tells what is there and cannot be taken; changes no status. */
	readonly remark?: (context: ItemContext) => Promise<readonly Finding[]>;
	/** Of databases: which server a captured part is of. */
	readonly readKind?: (folder: RawPath) => Promise<DatabaseKind>;
	/** Writes the part into its folder. */
	capture(context: PartContext): Promise<readonly Finding[]>;
	/** Where a part lies that may lie in the home, which then does not hold it a second time. */
	readonly placeOf?: (context: ItemContext & {readonly part: string}) => Promise<RawPath>;
	/** The file or folder in which a part that is put back takes its room; without it, or where that cannot be told, nobody asks whether it fits. */
	readonly landsIn?: (context: ItemContext & {readonly part: string; readonly kind?: DatabaseKind | undefined}) => Promise<RawPath | undefined>;
	/** Compares the part in the folder with what is live; changes nothing. */
	plan(context: RestoreContext): Promise<PartPlan>;
	putBack(context: RestoreContext): Promise<readonly Finding[]>;
	/** @throws Error where live is not what `putBack` should have made of it */
	check(context: RestoreContext): Promise<void>;
	/**
	Removes a live part: one that a restore brought and a rollback takes away again, then holding nothing but what is in `brought`; or one that a terminated account has and the backup has not. Where an item has none, that it stays is told.
	@throws Error where it is not the account's, or cannot be removed
	*/
	readonly remove?: (context: ItemContext & {readonly part: string; readonly brought?: RawPath | undefined}) => Promise<void>;
	/** Putting a part back leaves what is live alone, so that undoing it takes what was brought to tell one from the other. */
	readonly keepsLiveOnly?: true;
	/** The name of a part without what tells it from a namesake, where there is one. */
	readonly bareName?: (part: string) => string;
};
