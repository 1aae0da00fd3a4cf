import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The official Java clients behind a line protocol: one JSON object per line in, any number out.
 *
 * <pre>
 * in:   {"id": 1, "command": "dump", "bootstrap": "127.0.0.1:9092", "properties": {…}, …}
 * out:  {"id": 1, "item": …}      none, one or many
 *       {"id": 1, "result": …}    or   {"id": 1, "error": {"type": "TopicExistsException", "message": "…"}}
 * </pre>
 *
 * Requests run concurrently. Bytes are base 64. The process ends when stdin does. Requests given as arguments are run one after the other instead.
 */
public class Bridge {
  public interface Command {
    JsonNode run(Request request) throws Exception;
  }

  static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Command> COMMANDS = new HashMap<>();
  private static final PrintStream OUT = System.out;

  public static void main(String[] args) throws Exception {
    TopicCommands.register(COMMANDS);
    GroupCommands.register(COMMANDS);
    AclCommands.register(COMMANDS);
    COMMANDS.put("produce", Produce::run);
    COMMANDS.put("shapes", Shapes::run);
    COMMANDS.put("transactions", Transactions::run);
    COMMANDS.put("dump", Dump::run);
    COMMANDS.put("batches", Batches::run);
    COMMANDS.put("compare", Compare::run);
    COMMANDS.put("await", Await::run);
    COMMANDS.put("consume", Consume::run);
    COMMANDS.put("stopConsume", Consume::stop);
    COMMANDS.put("arrivals", Arrivals::run);
    COMMANDS.put("stopArrivals", Arrivals::stop);
    COMMANDS.put("load", Load::run);
    COMMANDS.put("stopLoad", Load::stop);
    if (args.length > 0) {
      for (String line : args) answer(line);
    } else {
      serve();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void serve() throws IOException {
    ExecutorService workers = Executors.newCachedThreadPool();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String request = line;
      workers.execute(() -> answer(request));
    }
  }

  private static void answer(String line) {
    ObjectNode reply = JSON.createObjectNode();
    try {
      JsonNode body = JSON.readTree(line);
      reply.set("id", body.get("id"));
      Command command = COMMANDS.get(body.path("command").asText());
      if (command == null) throw new IllegalArgumentException("No command " + body.path("command"));
      JsonNode result = command.run(new Request(body));
      reply.set("result", result == null ? JSON.nullNode() : result);
    } catch (Throwable thrown) {
      Throwable error = thrown;
      while ((error instanceof ExecutionException || error instanceof CompletionException) && error.getCause() != null) error = error.getCause();
      reply.putObject("error").put("type", error.getClass().getSimpleName()).put("message", String.valueOf(error.getMessage()));
    }
    write(reply);
  }

  static void write(ObjectNode line) {
    try {
      byte[] bytes = JSON.writeValueAsBytes(line);
      synchronized (OUT) {
        OUT.write(bytes, 0, bytes.length);
        OUT.write('\n');
        OUT.flush();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
