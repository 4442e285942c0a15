package dev.wavetank.core.kubectl.resource;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link ResourceBuilder} found: objects, and errors where there are none. */
public final class ResourceResult {

  /** Objects that are found together. */
  public interface Source {
    /**
     * The objects.
     *
     * @throws ApiException when the server refuses
     * @throws CommandException when there is none for another reason
     */
    List<ResourceInfo> infos();

    /** The type of a whole list; a single object has none here. */
    default @Nullable ResourceType listOf() {
      return null;
    }
  }

  private final ImmutableList<Source> sources;
  private final boolean continueOnError;
  private final boolean singleItemImplied;

  ResourceResult(List<Source> sources, boolean continueOnError, boolean singleItemImplied) {
    this.sources = ImmutableList.copyOf(sources);
    this.continueOnError = continueOnError;
    this.singleItemImplied = singleItemImplied;
  }

  /** Where the objects come from, in order. */
  public ImmutableList<Source> sources() {
    return sources;
  }

  /** Whether one object was asked for, so that it is shown as such and not as a list. */
  public boolean singleItemImplied() {
    return singleItemImplied;
  }

  /**
   * Does something to each object. After an error the next object follows where the builder was
   * told to go on; all errors are thrown at the end.
   */
  public void visit(Consumer<ResourceInfo> action) {
    List<RuntimeException> errors = new ArrayList<>();
    visit(action, errors);
    CommandException.throwAll(errors);
  }

  /** {@link #visit(Consumer)} that adds what went wrong to a list and throws nothing. */
  public void visit(Consumer<ResourceInfo> action, List<RuntimeException> errors) {
    for (Source source : sources) {
      boolean list = source.listOf() != null;
      try {
        for (ResourceInfo info : source.infos()) {
          try {
            action.accept(info);
          } catch (ApiException | CommandException e) {
            errors.add(e);
            if (!list && !continueOnError) {
              return;
            }
          }
        }
      } catch (ApiException | CommandException e) {
        errors.add(e);
      }
      if (!errors.isEmpty() && !continueOnError) {
        return;
      }
    }
  }

  /** All objects; throws when one is missing. */
  public List<ResourceInfo> infos() {
    List<RuntimeException> errors = new ArrayList<>();
    List<ResourceInfo> infos = infos(errors);
    CommandException.throwAll(errors);
    return infos;
  }

  /** All objects that are there; what is wrong with the others is added to the errors. */
  public List<ResourceInfo> infos(List<RuntimeException> errors) {
    List<ResourceInfo> infos = new ArrayList<>();
    visit(infos::add, errors);
    return infos;
  }
}
