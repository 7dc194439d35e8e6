/** Programs that run the engine on real input. */
package io.millrace.examples;
