import type {RawPath} from '../../domain/raw-name.ts';
import type {ItemName} from '../../domain/item.ts';
import {isWithin} from '../catalog/catalog-order.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';

/** In a package each item has a folder of its name. */
export const prefixed = (entry: StoredEntry, item: ItemName): StoredEntry => entry.path === ''
	? {...entry, path: item, name: item}
	: {...entry, path: `${item}/${entry.path}`};

export const isAncestorOfAny = (path: RawPath, others: readonly RawPath[]): boolean => others.some(other => other !== path && isWithin(other, path));
