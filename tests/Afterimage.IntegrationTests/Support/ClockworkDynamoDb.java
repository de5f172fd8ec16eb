import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in memory, shared, with the test control that its own main class never switches on: a PutItem into the
 * table "[TEST_CONTROL]" rolls shards over or lets time pass. Run as a single source file; the argument is the port.
 */
public final class ClockworkDynamoDb {
    public static void main(String[] arguments) throws Exception {
        int noDelay = 0;
        boolean inMemory = true;
        String noFolder = null;
        boolean sharedDb = true;
        boolean delayTransientStatuses = false;
        boolean testControl = true;

        // The only constructor that takes the last flag is not public.
        var constructor = LocalDynamoDBRequestHandler.class.getDeclaredConstructor(
            int.class, boolean.class, String.class, boolean.class, boolean.class, boolean.class);
        constructor.setAccessible(true);
        var requests = constructor.newInstance(noDelay, inMemory, noFolder, sharedDb, delayTransientStatuses, testControl);

        String noCors = null;
        var server = new DynamoDBProxyServer(Integer.parseInt(arguments[0]), new LocalDynamoDBServerHandler(requests, noCors));
        server.start();
        server.join();
    }
}
