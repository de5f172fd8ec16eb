namespace Afterimage.Hosting;

/// <summary>ARNs of roles: <c>arn:PARTITION:iam::ACCOUNT:role/NAME</c>.</summary>
internal static class RoleArn
{
    public static bool IsValid(string text) => text.Split(':', 6) is ["arn", { Length: > 0 }, "iam", "", { Length: 12 } account, var role]
        && account.All(char.IsAsciiDigit) && role.StartsWith("role/", StringComparison.Ordinal) && role.Length > "role/".Length;

    /// <summary>The account that a role belongs to; null where the text names none.</summary>
    public static string? AccountOf(string text) => IsValid(text) ? text.Split(':')[4] : null;
}
