import {useLayoutEffect, useRef} from 'react';
import {useInterface} from '../interface.ts';
import type {
	FocusLayer,
	FocusLevel,
	Handler,
	HandlerTable,
} from './focus-stack.ts';
import {bindingsOf, type ActName, type LayerName} from './keymap.ts';

export type Handlers<Name extends LayerName> = Readonly<Record<ActName<Name>, Handler>>;

/** The keys a screen listens to and what they do now; its footer and help are made from the same. */
export type Keys = {readonly name: LayerName; readonly handlers: HandlerTable};

export type UseKeysOptions = {readonly level?: FocusLevel; readonly isModal?: boolean};

/** Binds the acts of a layer for as long as the component is there. A string instead of a function says why an act cannot be done now. */
export const useKeys = <Name extends LayerName>(name: Name, handlers: Handlers<Name>, {level = 'screen', isModal = false}: UseKeysOptions = {}): Keys => {
	const {notify} = useInterface();
	useFocusLayer(keymapLayer({
		name,
		handlers,
		level,
		isModal,
		explain(text) {
			notify({text, tone: 'warning'});
		},
	}));

	return {name, handlers};
};

/** Puts a layer on the focus stack. */
export const useFocusLayer = (layer: FocusLayer): void => {
	const {focusStack} = useInterface();
	const current = useRef(layer);

	useLayoutEffect(() => {
		current.current = layer;
	});

	useLayoutEffect(() => focusStack.add(() => current.current), [focusStack]);
};

type KeymapLayer = {
	readonly name: LayerName;
	readonly handlers: HandlerTable;
	readonly level: FocusLevel;
	readonly isModal: boolean;
	/** Says why an act cannot be done. */
	readonly explain: (reason: string) => void;
};

export const keymapLayer = ({name, handlers, level, isModal, explain}: KeymapLayer): FocusLayer => {
	const bindings = bindingsOf(name);
	const bindingOf = (key: string) => bindings.find(({keys, act}) => keys.includes(key) && handlers[act] !== undefined);

	return {
		level,
		name,
		handlers,
		isModal,
		isRepeatable: key => bindingOf(key)?.isRepeatable ?? false,
		take(key, count) {
			const binding = bindingOf(key);
			const handler = binding && handlers[binding.act];

			if (typeof handler === 'string') {
				explain(handler);
			} else {
				handler?.(count);
			}

			return handler !== undefined;
		},
	};
};
