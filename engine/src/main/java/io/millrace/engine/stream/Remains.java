package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;

/**
 * A life of a name that is over, but whose own events may still be in the journal.
 *
 * @param name the name
 * @param incarnation the life of that name
 */
public record Remains(StreamName name, long incarnation) {}
