using Afterimage.Stamp;
using Microsoft.AspNetCore.Builder;

namespace Afterimage.Tests.Stamp;

/// <summary>The ASP.NET Core application of docs/stamps.md.</summary>
internal static class OrdersApi
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.Services.AddStampedDynamoDB(new StampOptions { Service = "orders-api" });
        var app = builder.Build();
        Use(app);
        return app;
    }

    public static void Use(IApplicationBuilder app)
    {
        app.Use(async (context, next) =>
        {
            using var scope = AuditScope.Begin(actor: context.User.Identity?.Name);
            await next(context);
        });
    }
}
