"""Settings of one running platform, read from environment variables that start with ``CATERING_``."""

from functools import lru_cache
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"sqlite+aiosqlite": "aiosqlite", "postgresql+psycopg": "psycopg"}
"""Drivers of the databases we know, and the module of each."""


Network: TypeAlias = IPv4Network | IPv6Network


def _listed(given: str | None) -> list[str]:
    return [each for part in (given or "").split(",") if (each := part.strip())]


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals, e.g. ``CATERING_DATABASE_URL``.

    The descriptions are what `catering --help` shows, in French.
    """

    model_config = SettingsConfigDict(env_prefix="CATERING_", frozen=True)

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/catering.db",
        description="adresse SQLAlchemy de la base : SQLite (sqlite+aiosqlite://) ou PostgreSQL "
        "(postgresql+psycopg://, avec l'extra « postgres »)",
    )
    owner_url: SecretStr | None = Field(
        default=None,
        description="adresse de la même base PostgreSQL par le propriétaire des tables, pour « catering migrate » et "
        "« catering restore » seulement ; l'application se connecte alors par un rôle qui ne possède rien",
    )
    host: str = Field(default="127.0.0.1", description="adresse d'écoute du serveur")
    port: int = Field(default=8000, ge=1, le=65535, description="port d'écoute du serveur")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="gravité à partir de laquelle un message est écrit : debug, info, warning, error"
    )
    demo_identity: bool = Field(
        default=False,
        description="ouvrir les identités de démonstration, sans compte, à qui atteint le serveur "
        "(« catering demo » le fait)",
    )
    public_url: str | None = Field(
        default=None,
        description="adresse que tapent les gens, sans chemin (ex. https://cantines.exemple.fr) ; "
        "vide : http://hôte:port",
    )
    trusted_proxies: str | None = Field(
        default=None,
        description="relais placés devant le serveur, adresses ou réseaux séparés par des virgules "
        "(ex. 172.18.0.0/16,10.0.0.5) : eux seuls disent par X-Forwarded-For qui demande ; vide : aucun",
    )
    scdl_siret: str = Field(
        default="22620001200012",
        pattern=r"^[0-9]{14}$",
        description="SIRET de la collectivité qui publie les menus en données ouvertes (schéma menus-collectifs)",
    )
    scdl_name: str = Field(default="Département du Pas-de-Calais", description="nom de cette collectivité")
    smtp_host: str | None = Field(default=None, description="serveur qui envoie les liens de connexion ; vide : aucun")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="port du serveur de courriel")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="chiffrement vers le serveur de courriel : starttls, tls, none"
    )
    smtp_user: str | None = Field(default=None, description="identifiant au serveur de courriel ; vide : sans")
    smtp_password: SecretStr | None = Field(default=None, description="mot de passe au serveur de courriel")
    mail_from: str | None = Field(default=None, description="adresse d'expédition des liens de connexion")
    oidc_issuer: str | None = Field(
        default=None, description="fournisseur OpenID Connect (ex. ProConnect) : son « issuer » ; vide : aucun"
    )
    oidc_label: str = Field(default="ProConnect", description="nom du fournisseur sur la page de connexion")
    oidc_client_id: str | None = Field(default=None, description="identifiant de la plateforme chez le fournisseur")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="secret de la plateforme chez le fournisseur"
    )
    oidc_scopes: str = Field(default="openid email", description="ce qui lui est demandé (scopes)")
    oidc_acr: str | None = Field(
        default=None, description="niveau d'assurance exigé (acr_values, ex. eidas1) ; vide : aucun"
    )
    oidc_algorithm: Literal["RS256", "ES256"] = Field(
        default="RS256", description="algorithme de ses signatures, aucun autre n'est accepté : RS256, ES256"
    )
    oidc_userinfo: Literal["jwt", "json"] = Field(
        default="jwt", description="forme de sa réponse userinfo : jwt (signée, ProConnect) ou json"
    )
    oidc_emails_verified: bool = Field(
        default=False, description="tenir ses adresses pour vérifiées même quand il ne l'écrit pas (email_verified)"
    )
    jobs: Literal["in_process", "worker"] = Field(
        default="in_process",
        description="qui calcule un plan demandé : le serveur lui-même (in_process) ou « catering worker » (worker)",
    )
    plan_time_limit_seconds: float = Field(
        default=600, gt=0, description="temps de calcul d'un plan, en secondes, quand la demande ne le dit pas"
    )
    plan_scheduler: str | None = Field(
        default=None, description="ordonnanceur Dask qui partage les calculs, tcp://hôte:8786 ; vide : cette machine"
    )
    plan_workers: int | None = Field(
        default=None, ge=1, description="processus de calcul d'un plan ; vide : un par cœur"
    )
    introspection: bool = Field(
        default=True, description="répondre aux questions sur le schéma GraphQL lui-même (__schema, __type)"
    )
    stored_only: bool = Field(
        default=True,
        description="n'accepter d'un navigateur que les opérations de graphql/operations (jamais en démonstration)",
    )
    rate_per_identity: int = Field(
        default=600, ge=10, description="demandes par minute d'un compte ou d'un jeton, par processus du serveur"
    )
    rate_per_address: int = Field(
        default=6000,
        ge=10,
        description="demandes par minute d'une adresse du réseau, par processus ; des collèges peuvent avoir la même",
    )
    document_mb: int = Field(
        default=10, ge=1, le=50, description="plus grand fichier accepté (justificatif, photo, tableau), en mégaoctets"
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="jeton (16 caractères au moins) avec lequel une surveillance lit /metrics, au format Prometheus ; "
        "vide : /metrics n'existe pas",
    )
    seeds_dir: Path | None = Field(
        default=None, description="dossier des données de référence ; vide : celles du programme"
    )

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or url != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("adresse attendue sous la forme https://nom ou http://nom:port, sans barre ni chemin")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, given: str | None) -> str | None:
        for each in _listed(given):
            try:
                network = ip_network(each)
            except ValueError as fault:
                raise ValueError(f"« {each} » n'est ni une adresse ni un réseau comme 172.18.0.0/16") from fault
            if network.prefixlen == 0:
                raise ValueError(f"« {each} » : tout le monde ne peut pas être un relais")
        return given

    @property
    def relays(self) -> tuple[Network, ...]:
        """Networks of the relays in front of this server, whose word on who asks is taken."""
        return tuple(ip_network(each) for each in _listed(self.trusted_proxies))

    @property
    def own_url(self) -> str:
        """Where people reach this server: what links in mails start with. Never taken from a request."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def provider_is_set(self) -> bool:
        """Whether people may sign in through an OpenID Connect provider."""
        return None not in (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)

    def sign_in_gaps(self) -> list[str]:
        """What is missing for people to sign in, one line of French each; none when all is set."""
        gaps = []
        if self.smtp_host is None and not self.demo_identity:
            gaps.append("CATERING_SMTP_HOST manque : aucun lien de connexion ne peut être envoyé.")
        if self.smtp_host is not None and self.mail_from is None:
            gaps.append("CATERING_MAIL_FROM manque : les liens de connexion n'ont pas d'expéditeur.")
        if self.public_url is None and not self.demo_identity:
            gaps.append(f"CATERING_PUBLIC_URL manque : les liens mènent à {self.own_url}, lisible d'ici seulement.")
        given = [self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret]
        if any(each is not None for each in given) and not self.provider_is_set:
            gaps.append("CATERING_OIDC_ISSUER, _CLIENT_ID et _CLIENT_SECRET vont ensemble : le fournisseur est laissé.")
        return gaps

    @field_validator("owner_url")
    @classmethod
    def _usable_by_its_owner(cls, url: SecretStr | None) -> SecretStr | None:
        return None if url is None else SecretStr(cls._usable(url.get_secret_value()))

    @property
    def owner_address(self) -> str:
        """Where the tables are made and changed: by their owner, else as the application connects."""
        return self.database_url if self.owner_url is None else self.owner_url.get_secret_value()

    @field_validator("database_url")
    @classmethod
    def _usable(cls, url: str) -> str:
        try:
            driver = make_url(url).drivername
        except ArgumentError:
            driver = ""
        if driver not in DRIVERS:
            raise ValueError(f"adresse attendue sous la forme {' ou '.join(f'{name}://…' for name in DRIVERS)}")
        if find_spec(DRIVERS[driver]) is None:
            raise ValueError(f"le pilote {DRIVERS[driver]} manque : l'installer (pip install 'catering[postgres]')")
        return url


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a variable holds a value its setting does not accept.
    """
    return Settings()


def settings_lines() -> list[str]:
    """One line of French per setting: its variable, what it does and what it is by default."""
    prefix = str(Settings.model_config["env_prefix"])
    return [
        f"{(prefix + name).upper()} : {field.description}"
        + ("" if field.default is None else f" (par défaut : {field.default})")
        for name, field in Settings.model_fields.items()
    ]


def carried_folder(in_checkout: str, in_wheel: str) -> Path:
    """A data folder that comes with the program: at the root of a checkout, inside the package of a wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / in_checkout
    return checkout if checkout.is_dir() and (package.parent / "pyproject.toml").is_file() else package / in_wheel


def seeds_folder() -> Path:
    """Folder of the seed tables (``seeds/README.md`` states their columns)."""
    return settings().seeds_dir or carried_folder("seeds", "seed_data")


def contract_folder() -> Path:
    """Folder of the GraphQL contract: ``schema.graphql`` and ``operations/``."""
    return carried_folder("graphql", "contract")
