/** Plumbing shared by the rooms of the engine; not for users. */
package io.millrace.engine.internal;
