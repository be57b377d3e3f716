import {createContext, use} from 'react';
import type {Line} from '../look/span.ts';

/** The lines that are the same on every screen at a time. */
export type Chrome = {readonly header: Line; readonly status: Line};

export const chromeContext = createContext<Chrome>({header: [], status: []});

export const useChrome = (): Chrome => use(chromeContext);
