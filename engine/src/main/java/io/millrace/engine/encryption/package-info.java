/** Encryption at rest: data keys of streams, and events sealed with them (ADR 19). */
package io.millrace.engine.encryption;
