package io.millrace.engine.storage;

/**
 * One stored event, or the beginning of one.
 *
 * @param eventNumber its number in the journal of its actor, from 1
 * @param payload the bytes its serializer wrote; given away, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between rooms, never compared
public record JournalRow(long eventNumber, byte[] payload) {}
