import {randomUUID} from 'node:crypto';
import {customAlphabet} from 'nanoid';
import {identifierAlphabet, identifierLength} from '../domain/identifier.ts';

/** 16 characters of 0–9a–z from the system's random source (82 bits). */
export const newIdentifier = customAlphabet(identifierAlphabet, identifierLength);

export const newUuid = (): string => randomUUID();
