import type {RawPath} from '../../domain/raw-name.ts';
import type {BackupTreeRequest} from '../engine.ts';

/** Paths below the home that other items of the backup hold: each file is in one item only. */
export const heldElsewhere = ({root, items = []}: BackupTreeRequest): readonly RawPath[] =>
	items.flatMap(({places}) => places).filter(place => place.startsWith(`${root}/`)).map(place => place.slice(root.length + 1));
