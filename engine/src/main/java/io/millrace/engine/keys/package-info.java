/**
 * The port to whoever keeps master keys: {@link io.millrace.engine.keys.KeyStore}, named in the
 * configuration; and the one that comes with the engine, {@link
 * io.millrace.engine.keys.LocalKeyStore} on a {@link io.millrace.engine.keys.KeyFile}.
 */
package io.millrace.engine.keys;
