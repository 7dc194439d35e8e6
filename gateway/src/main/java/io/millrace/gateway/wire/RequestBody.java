package io.millrace.gateway.wire;

import java.util.Map;
import java.util.Optional;

/**
 * The members of a request as they came. Absent members, and those that are null, are not there;
 * unknown ones neither.
 *
 * @param members values by the names of the members, as {@link
 *     io.millrace.gateway.model.Shape.Kind} says
 * @param wrongType the first member that is not of its type, if any; it is left out
 */
public record RequestBody(Map<String, Object> members, Optional<String> wrongType) {

  /** The members, if each is of its type. */
  public Map<String, Object> typed() {
    if (wrongType.isPresent()) {
      throw new MalformedBodyException(wrongType.get());
    }
    return members;
  }
}
