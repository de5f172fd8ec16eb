using System.Security.Claims;
using System.Threading.Channels;
using Afterimage.Stamp;
using Afterimage.Tests.Tidy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Afterimage.Tests.Stamp;

/// <summary>The programs of docs/stamps.md: they stand there as they are compiled here, and they do what the page says.</summary>
public sealed class StampsPageTests
{
    private static readonly string[] Programs = ["OrdersApi", "OrdersApi", "BillingWorker", "LocalClients"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_page_shows_lines_of_programs_that_are_compiled()
    {
        var shown = Text("docs/stamps.md").Split("```csharp\n")[1..].Select(block => Lines(block.Split("```")[0])).ToList();

        shown.Count.ShouldBe(Programs.Length);
        foreach (var (block, program) in shown.Zip(Programs))
        {
            Lines(Text($"tests/Afterimage.Tests/Stamp/{program}.cs")).ShouldContain(block);
        }
    }

    [Fact]
    public async Task What_a_request_writes_is_the_signed_in_users_and_of_a_stranger_nobodys()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        var authors = new List<Author?>();
        OrdersApi.Use(app);
        app.Run(_ =>
        {
            authors.Add(AuditScope.Current);
            return Task.CompletedTask;
        });
        var pipeline = app.Build();

        await pipeline(new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice@example.com")], "test")) });
        await pipeline(new DefaultHttpContext());

        authors.Select(author => author?.Actor).ShouldBe(["alice@example.com", null]);
        AuditScope.Current.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_worker_writes_is_whose_message_it_works_on()
    {
        var queue = Channel.CreateUnbounded<Invoice>();
        var authors = new List<Author?>();
        await queue.Writer.WriteAsync(new Invoice("77", "alice@example.com"), Ct);
        await queue.Writer.WriteAsync(new Invoice("78", "bob"), Ct);
        queue.Writer.Complete();
        using var worker = new BillingWorker(queue.Reader, (_, _) =>
        {
            authors.Add(AuditScope.Current);
            return Task.CompletedTask;
        });

        await worker.StartAsync(Ct);
        await worker.ExecuteTask!;

        authors.ShouldBe([new Author("alice@example.com", "billing-worker", "invoice 77"), new Author("bob", "billing-worker", "invoice 78")]);
    }

    // Where a line stands in its program does not matter.
    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    private static string Text(string path) => Repository.Files.Single(file => file.Path == path).Text;
}
