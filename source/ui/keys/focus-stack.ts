import type {LayerName} from './keymap.ts';

/** Something that takes keys. The higher level goes first; within a level the one added last. */
export type FocusLayer = {
	readonly level: FocusLevel;
	/** Its keys as data, for help and palette; `undefined`: a bare text field. */
	readonly name: LayerName | undefined;
	/** What its acts do now, or why they cannot. */
	readonly handlers: HandlerTable;
	/** Whether keys it does not take go no further. */
	readonly isModal: boolean;
	/** Whether it took the key; `count` is more than 1 for held keys it called repeatable. */
	readonly take: (key: string, count: number) => boolean;
	readonly isRepeatable: (key: string) => boolean;
	/** Without it a paste is refused. */
	readonly paste?: ((text: string) => void) | undefined;
};

/** A function, or the sentence that says why it cannot be done now. */
export type Handler = ((count: number) => void) | string;
export type HandlerTable = Readonly<Record<string, Handler | undefined>>;

export const focusLevels = ['everywhere', 'screen', 'field', 'dialog', 'overlay'] as const;
export type FocusLevel = (typeof focusLevels)[number];

export type FocusStack = {
	/** @returns The function that takes the layer away. */
	add(layer: () => FocusLayer): () => void;
	/** Top first. */
	layers(): readonly FocusLayer[];
	/** Hands each key to the top layer that takes it. `settle` calls back when what the last key changed is in place: only then the next one is looked at. */
	press(keys: readonly string[], settle: Settle): void;
	/** In its turn among the keys. */
	paste(text: string, settle: Settle): void;
};

/** Calls back when what was changed in the same go is in place. */
export type Settle = (next: () => void) => void;

type Input = {readonly type: 'key'; readonly key: string} | {readonly type: 'paste'; readonly text: string};

export type FocusStackOptions = {
	/** A paste reached nothing that takes one. */
	readonly onRefusedPaste: () => void;
};

/** Keys go to the top of the stack first, so nothing under a dialog ever hears them. */
export const createFocusStack = ({onRefusedPaste}: FocusStackOptions): FocusStack => {
	const added: Array<() => FocusLayer> = [];
	let waiting: Input[] = [];
	let isBusy = false;

	const layers = () => added.map(layer => layer()).toReversed().toSorted((one, other) => rank(other) - rank(one));

	const takeNext = (settle: Settle) => {
		const [input] = waiting;

		if (input === undefined) {
			isBusy = false;
			return;
		}

		isBusy = true;
		const reachable = upToModal(layers());

		if (input.type === 'paste') {
			waiting = waiting.slice(1);
			offerPaste(reachable, input.text, onRefusedPaste);
		} else {
			const count = reachable.some(layer => layer.isRepeatable(input.key)) ? runLength(waiting, input.key) : 1;
			waiting = waiting.slice(count);
			offer(reachable, input.key, count);
		}

		settle(() => {
			takeNext(settle);
		});
	};

	const enqueue = (inputs: readonly Input[], settle: Settle) => {
		waiting.push(...inputs);

		if (!isBusy) {
			takeNext(settle);
		}
	};

	return {
		add(layer) {
			added.push(layer);

			return () => {
				added.splice(added.indexOf(layer), 1);
			};
		},
		layers,
		press(keys, settle) {
			enqueue(keys.map(key => ({type: 'key', key})), settle);
		},
		paste(text, settle) {
			enqueue([{type: 'paste', text}], settle);
		},
	};
};

const offerPaste = (layers: readonly FocusLayer[], text: string, onRefused: () => void): void => {
	const taker = layers.find(layer => layer.paste !== undefined);

	if (taker === undefined) {
		onRefused();
	} else {
		taker.paste!(text);
	}
};

const offer = (layers: readonly FocusLayer[], key: string, count: number): void => {
	for (const layer of layers) {
		if (layer.take(key, count)) {
			return;
		}
	}
};

const rank = (layer: FocusLayer): number => focusLevels.indexOf(layer.level);

const upToModal = (layers: readonly FocusLayer[]): readonly FocusLayer[] => {
	const modal = layers.findIndex(layer => layer.isModal);

	return modal === -1 ? layers : layers.slice(0, modal + 1);
};

/** How often the key comes first in a row. */
const runLength = (inputs: readonly Input[], key: string): number => {
	const other = inputs.findIndex(input => input.type !== 'key' || input.key !== key);

	return other === -1 ? inputs.length : other;
};
