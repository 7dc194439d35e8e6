package io.millrace.engine.api;

/** What a caller asks of the engine: one operation of the API with its members. */
public sealed interface Request permits StreamRequest, ListStreamsRequest, GetRecordsRequest {}
