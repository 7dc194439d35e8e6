/**
 * What goes over the wire, in both encodings, driven by the description of the API: bodies to trees
 * of values, trees to request records, response records to bodies. Nothing here knows an operation.
 */
package io.millrace.gateway.wire;
